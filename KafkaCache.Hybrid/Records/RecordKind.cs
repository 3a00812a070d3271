namespace KafkaCaching.Hybrid.Records;

/// <summary>What a record of the topic is to this package. The numbers are part of the format.</summary>
internal enum RecordKind : byte
{
    /// <summary>Bytes that this version can't read. As an entry it is a miss; under the key of a mark it is a mark all the same.</summary>
    Unreadable = 0,

    /// <summary>A value, as its serializer wrote it.</summary>
    Value = 1,

    /// <summary>The value <see langword="null"/>, or the default of a value type's nullable.</summary>
    Null = 2,

    /// <summary>An invalidation: entries that were read from their source before it are not served.</summary>
    Mark = 3,

    /// <summary>A claim of a pod to run the factory of a key.</summary>
    Claim = 4,

    /// <summary>The end of a claim.</summary>
    ClaimEnd = 5,

    /// <summary>The tags that a process has open: it is about to change what they stand for, or has not put the marks yet.</summary>
    Open = 6,

    /// <summary>Says that what a process had open has been invalidated by another one, because it gave no sign of life.</summary>
    OpenEnd = 7,
}
