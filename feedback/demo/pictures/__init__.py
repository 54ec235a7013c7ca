"""Drawn street scenes that stand in for photos: each matter before and after it was mended."""

from feedback.demo.pictures.pool import VARIANTS, draw_picture

__all__ = ["VARIANTS", "draw_picture"]
