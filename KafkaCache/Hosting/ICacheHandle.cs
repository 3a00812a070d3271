namespace KafkaCaching.Hosting;

/// <summary>A cache of whatever types, as pages, health checks and headers see it.</summary>
internal interface ICacheHandle
{
    string Name { get; }

    string Topic { get; }

    bool IsReadOnly { get; }

    CacheStatus Status { get; }

    /// <summary>Looks up a key that a person typed.</summary>
    /// <exception cref="FormatException">The text is no key of the cache; the message says what one looks like.</exception>
    /// <exception cref="CacheNotReadyException">It can't be read yet.</exception>
    /// <exception cref="CacheFaultedException">It can't be read any more.</exception>
    /// <exception cref="RecordErrorException">The key is quarantined.</exception>
    FoundEntry? Find(string key);

    Task WaitUntilAppliedAsync(CachePosition position, CancellationToken cancellationToken);
}

/// <summary>An entry as it may be shown: the value as text (indented where it is JSON), or in base64 where it is none.</summary>
internal sealed record FoundEntry(string Value, FoundFormat Format, int Partition, long Offset, DateTimeOffset Timestamp);

internal enum FoundFormat
{
    Json,
    Text,
    Base64,
}
