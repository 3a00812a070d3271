namespace KafkaCaching;

/// <summary>What a put waits for.</summary>
public enum PutWait
{
    /// <summary>The broker has acknowledged the record, so it is in the log. It may not be readable here yet.</summary>
    Acknowledged,

    /// <summary>The record has come back through the topic and is readable from this cache (read-your-writes).</summary>
    Applied,
}
