"""Re-exported for the components; see `pipeline.mentions`."""

from pipeline.mentions import SPAN_KEYS, Mention, Zone, mentions_of, set_mentions, zone_at

__all__ = ["SPAN_KEYS", "Mention", "Zone", "mentions_of", "set_mentions", "zone_at"]
