using System.Collections.Concurrent;

namespace KafkaCaching.Tests.Promises;

/// <summary>A put or removal, and its outcome. The combination of key and value is unique, so that the record can be found in the
/// log.</summary>
internal sealed record PutEnd(string Key, string? Value, PutOutcome Outcome, CachePosition? Position, string? Why = null);

/// <summary>The result of comparing the outcomes in the ledger with the log.</summary>
internal sealed record PutVerdict(
    int Committed, int NotCommitted, int Unknown, int UnknownInLog, int Twice, IReadOnlyList<string> Violations)
{
    public override string ToString() =>
        $"{Committed} committed, {NotCommitted} not committed, {Unknown} unknown ({UnknownInLog} of them in the log), {Twice} records "
        + $"twice in the log, {Violations.Count} violations";
}

/// <summary>Compares the outcomes of puts with the log. A committed record must be at its position, and nowhere else unless the client gave
/// up on another record. A record that was not committed must not be in the log.</summary>
internal sealed class PutLedger
{
    private readonly ConcurrentQueue<PutEnd> _ends = [];

    public int Count => _ends.Count;

    public void Add(PutEnd end) => _ends.Enqueue(end);

    /// <summary>Puts a value, or removes the key if the value is null, and records the outcome.</summary>
    /// <returns>The position of the record, and whether its wait succeeded; null if it is not known to be in the log.</returns>
    public async Task<(CachePosition Position, bool Waited)?> PutAsync(
        IKafkaCache<string, string> cache, string key, string? value, PutWait wait)
    {
        try
        {
            PutResult put = value is null ? await cache.RemoveAsync(key, wait) : await cache.PutAsync(key, value, wait);
            Add(new PutEnd(key, value, PutOutcome.Committed, put.Position));
            return (put.Position, true);
        }
        catch (PutException ended)
        {
            Add(new PutEnd(key, value, ended.Outcome, ended.Result?.Position, ended.Message));
            return ended.Result is { } result ? (result.Position, false) : null;
        }
    }

    public PutVerdict Check(IEnumerable<LoggedRecord> log)
    {
        var places = log.ToLookup(static record => (record.Key, record.Value), static record => record.Position);
        var ends = _ends.ToArray();

        // When a record times out, the client increases its producer epoch and sends the records in flight again (librdkafka issue 4953).
        var mayRepeat = ends.Any(static end => end.Outcome == PutOutcome.Unknown);
        var violations = ends.Select(end => Violation(end, [.. places[(end.Key, end.Value)]], mayRepeat)).OfType<string>().ToList();
        return new PutVerdict(
            ends.Count(static end => end.Outcome == PutOutcome.Committed),
            ends.Count(static end => end.Outcome == PutOutcome.NotCommitted),
            ends.Count(static end => end.Outcome == PutOutcome.Unknown),
            ends.Count(end => end.Outcome == PutOutcome.Unknown && places.Contains((end.Key, end.Value))),
            ends.Count(end => places[(end.Key, end.Value)].Skip(1).Any()),
            violations);
    }

    private static string? Violation(PutEnd end, CachePosition[] found, bool mayRepeat) => end.Outcome switch
    {
        PutOutcome.Committed when end.Position is not { } position => $"{end}: committed without a place",
        PutOutcome.Committed when !found.Contains(end.Position.Value) => $"{end}: not at its place but at [{string.Join(", ", found)}]",
        PutOutcome.Committed when found.Length > 1 && !mayRepeat => $"{end}: more than once, at [{string.Join(", ", found)}]",
        PutOutcome.NotCommitted when found.Length > 0 => $"{end}: in the log at [{string.Join(", ", found)}]",
        PutOutcome.NotCommitted or PutOutcome.Unknown when end.Position is not null => $"{end}: a place without a commit",
        _ => null,
    };
}
