using KafkaCaching.Store.Capture;

namespace KafkaCaching.Snapshots;

/// <summary>Thrown when a capture has ended before all of it was read.</summary>
internal sealed class CaptureEndedException(CaptureEnd end) : Exception(end switch
{
    CaptureEnd.Overrun => "The entries changed faster than they could be saved. Raise Snapshot.WriteBytesPerSecond.",
    CaptureEnd.ClaimsTooLarge => "For a snapshot, the resolver yields one key from too many records, or too many keys from one record.",
    CaptureEnd.IndexGrew => "The index of the store has grown meanwhile.",
    _ => "The store has ended meanwhile.",
});
