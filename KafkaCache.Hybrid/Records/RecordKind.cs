namespace KafkaCaching.Hybrid.Records;

/// <summary>The kinds of records in the topic. The numbers are part of the format.</summary>
internal enum RecordKind : byte
{
    /// <summary>Bytes that this version can't read. Under the key of an entry, they count as a miss; under the key of a mark, they still
    /// count as a mark.</summary>
    Unreadable = 0,

    /// <summary>A value, as its serializer wrote it.</summary>
    Value = 1,

    /// <summary>The value <see langword="null"/>, or a nullable value type without a value.</summary>
    Null = 2,

    /// <summary>An invalidation: entries whose source was read before it are not served.</summary>
    Mark = 3,

    /// <summary>A pod's claim to run the factory of a key.</summary>
    Claim = 4,

    /// <summary>The end of a claim.</summary>
    ClaimEnd = 5,

    /// <summary>The tags that a process has open: it is about to change the data behind them, or has not put their marks yet.</summary>
    Open = 6,

    /// <summary>States that the open tags of a process have been invalidated by another process, because the first one did not renew
    /// them.</summary>
    OpenEnd = 7,

    /// <summary>A value of the distributed cache that a read has written again, to extend its sliding expiration.</summary>
    Extension = 8,
}
