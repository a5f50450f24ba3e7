"""What each command of ganbench does; imported only when it is called."""
