"""The networks that play: ordinary ``nn.Module``s behind one small interface."""

from gans.networks.catalog import NETWORKS, Network

__all__ = ["NETWORKS", "Network"]
