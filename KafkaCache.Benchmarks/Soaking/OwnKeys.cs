namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>The keys that only one writer writes, each with the last record that the writer knows to be in the log.</summary>
internal sealed class OwnKeys(int range)
{
    private readonly OwnWrite[] _last = new OwnWrite[SoakKeys.OwnPerWriter];

    public int First { get; } = range * SoakKeys.OwnPerWriter;

    public int Next(Random random) => First + random.Next(SoakKeys.OwnPerWriter);

    /// <summary>The record that must be the last one of a key, or <see langword="null"/> if it is not known, because nothing was written to
    /// this log, an outcome is unknown, or the log is changing.</summary>
    public OwnWrite? Committed(int number, LogState log) =>
        _last[number - First] is { IsCommitted: true } last && last.Log == log.Settled && log.IsSettled ? last : null;

    /// <summary>Whether a write of unknown outcome may still appear in this log.</summary>
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

/// <summary>The last write to one of a writer's own keys, as the writer knows it. A write without a value is a tombstone.</summary>
internal readonly record struct OwnWrite(int Log, CachePosition Position, SoakValue? Value, bool IsCommitted, bool IsDoubtful);
