namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>The keys that one writer alone writes, with what it last knows to be in the log of each.</summary>
internal sealed class OwnKeys(int range)
{
    private readonly OwnWrite[] _last = new OwnWrite[SoakKeys.OwnPerWriter];

    public int First { get; } = range * SoakKeys.OwnPerWriter;

    public int Next(Random random) => First + random.Next(SoakKeys.OwnPerWriter);

    /// <summary>What must be in the log of a key, or <see langword="null"/> where that can't be told: nothing was written to this log, an
    /// outcome is unknown, or the log was changing.</summary>
    public OwnWrite? Committed(int number, LogState log) =>
        _last[number - First] is { IsCommitted: true } last && last.Log == log.Settled && log.IsSettled ? last : null;

    /// <summary>Whether a write of unknown outcome may still come to this log.</summary>
    public bool IsDoubtful(int number, LogState log) => _last[number - First] is { IsDoubtful: true } last && last.Log == log.Begun;

    public void Commit(int number, CachePosition position, SoakValue? value, LogState before, LogState after)
    {
        var isDoubtful = IsDoubtful(number, after);
        var isOfOneLog = before.IsSettled && before.Begun == after.Begun;
        _last[number - First] = new OwnWrite(after.Begun, position, value, IsCommitted: isOfOneLog && !isDoubtful, isDoubtful);
    }

    public void Doubt(int number, LogState after) =>
        _last[number - First] = new OwnWrite(after.Begun, default, Value: null, IsCommitted: false, IsDoubtful: true);
}

/// <summary>What a writer last knows of one of its keys; no value is a tombstone.</summary>
internal readonly record struct OwnWrite(int Log, CachePosition Position, SoakValue? Value, bool IsCommitted, bool IsDoubtful);
