namespace KafkaCaching;

/// <summary>What a put waits for.</summary>
public enum PutWait
{
    /// <summary>The broker has acknowledged the record: it is in the log. Not yet readable here.</summary>
    Acknowledged,

    /// <summary>The record came back through the topic and is readable from this cache (read-your-write).</summary>
    Applied,
}
