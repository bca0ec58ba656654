"""What other rooms and the views call. Takes a database session and plain values; commits nothing."""

from ent_module.help.service.channel import (
    ChannelStatus,
    Reason,
    TooFewReadersError,
    channel_status,
    close_channel,
    open_channel,
    readers,
)

__all__ = [
    "ChannelStatus",
    "Reason",
    "TooFewReadersError",
    "channel_status",
    "close_channel",
    "open_channel",
    "readers",
]
