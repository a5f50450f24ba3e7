"""Watch a GAN that somebody else trains: in its loop with a ``Monitor``, or afterwards from its log.

A plain PyTorch loop with a planted fault, watched; the README shows the same and a test runs it::

    import torch
    from torch import nn
    from torch.nn.functional import logsigmoid
    from bench.monitor import Monitor


    def mlp(inputs, outputs):
        layers = nn.Linear(inputs, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, outputs)
        return nn.Sequential(*layers)


    def ring(n):  # eight small Gaussians on a circle
        angle = torch.randint(8, (n,)) * torch.pi / 4
        return torch.stack([angle.cos(), angle.sin()], dim=1) + 0.05 * torch.randn(n, 2)


    torch.manual_seed(0)
    train, holdout, fixed = ring(5000), ring(1000), torch.randn(1000, 8)
    G, D = mlp(8, 2), mlp(2, 1)
    opt_g = torch.optim.Adam(G.parameters(), lr=2e-4, betas=(0.5, 0.9))
    opt_d = torch.optim.Adam(D.parameters(), lr=2e-3, betas=(0.5, 0.9))

    monitor = Monitor(loss="minimax", real=holdout, train=train, steps=200)
    monitor.evaluate(G(fixed), step=0)
    for step in range(1, 201):
        for _ in range(20):  # the fault: twenty steps of D to one of G, under the minimax loss
            real, fake = train[torch.randint(5000, (64,))], G(torch.randn(64, 8)).detach()
            d_loss = -(logsigmoid(D(real)) + logsigmoid(-D(fake))).mean()
            opt_d.zero_grad()
            d_loss.backward()
            opt_d.step()
        monitor.step(step=step, d_loss=d_loss, discriminator=D)
        g_loss = logsigmoid(-D(G(torch.randn(64, 8)))).mean()
        opt_g.zero_grad()
        g_loss.backward()
        opt_g.step()
        monitor.step(step=step, g_loss=g_loss, generator=G)
        if step % 5 == 0:
            monitor.evaluate(G(fixed), discriminator=D)
    print(monitor.summary())
    monitor.report("diagnosis.html")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.monitor.monitor import Monitor

__all__ = ["Monitor"]


def __getattr__(name: str) -> Any:
    # The command line reads logs with this package, and a log needs no PyTorch.
    if name == "Monitor":
        from bench.monitor.monitor import Monitor

        return Monitor
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
