"""Numbers from training: what the discriminator knows, whether the generator circles. Import the modules."""
