namespace KafkaCaching.Store.Capture;

/// <summary>Why a capture is unusable.</summary>
internal enum CaptureEnd
{
    /// <summary>The capture is in progress, or is complete.</summary>
    None,

    /// <summary>More entries were overwritten than the reading thread could take in time. The writer never waits for the capture.</summary>
    Overrun,

    /// <summary>The claims to one key, or those of one record key, don't fit into the buffer for saved claims.</summary>
    ClaimsTooLarge,

    /// <summary>The store's index has grown, so the entries are in a different order now.</summary>
    IndexGrew,

    /// <summary>The store has been replaced or disposed of, or the capture is no longer needed.</summary>
    StoreEnded,

    /// <summary>Another capture has begun.</summary>
    Replaced,
}
