using System.Globalization;

namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>Writes through the cache: to its own keys, which it reads back, and to shared keys.</summary>
internal sealed class CacheWriter(
    SoakTopic topic, int writer, OwnKeys own, NotCommittedWrites notCommitted, SoakFigures figures, Violations violations,
    Random random) : Writer
{
    private const int Many = 100;

    private long _sequence;

    public SoakTopic Topic => topic;

    public OwnKeys Own => own;

    protected override TimeSpan Rest { get; } = TimeSpan.FromMilliseconds(1);

    protected override Task StepAsync() => random.Next(100) switch
    {
        < 55 => PutAndReadAsync(Own.Next(random), blocking: false),
        < 60 => PutAndReadAsync(Own.Next(random), blocking: true),
        < 70 => RemoveAndReadAsync(Own.Next(random)),
        < 88 => PutAsync(SoakKeys.NextShared(random)),
        < 94 => RemoveAsync(SoakKeys.NextShared(random)),
        _ => PutManyAsync(),
    };

    /// <summary>Writes a key that is written only once.</summary>
    /// <returns>The partition that the record went to, or -1 if that is not known.</returns>
    public async Task<int> PutOnceAsync(int number)
    {
        var log = topic.Log.Now;
        var value = Next(log, number);
        var written = await OutcomeAsync("put, applied", value, () => topic.Writable.PutAsync(log.Keys[number], value, PutWait.Applied));
        return written.Outcome == PutOutcome.Committed ? written.Position.Partition : -1;
    }

    private async Task PutAndReadAsync(int number, bool blocking)
    {
        var before = topic.Log.Now;
        var key = before.Keys[number];
        var value = Next(before, number);
        var written = blocking
            ? await OutcomeAsync("put, applied, blocking", value, () => Task.Run(() => topic.Writable.Put(key, value, PutWait.Applied)))
            : await OutcomeAsync("put, applied", value, () => topic.Writable.PutAsync(key, value, PutWait.Applied));
        Settle(number, value, written, before);
    }

    private async Task RemoveAndReadAsync(int number)
    {
        var before = topic.Log.Now;
        var written = await OutcomeAsync(
            "remove, applied", value: null, () => topic.Writable.RemoveAsync(before.Keys[number], PutWait.Applied));
        Settle(number, value: null, written, before);
    }

    private async Task PutAsync(int number)
    {
        var log = topic.Log.Now;
        var value = Next(log, number);
        await OutcomeAsync("put, acknowledged", value, () => topic.Writable.PutAsync(log.Keys[number], value));
    }

    private async Task RemoveAsync(int number) =>
        await OutcomeAsync("remove, acknowledged", value: null, () => topic.Writable.RemoveAsync(topic.Log.Now.Keys[number]));

    private async Task PutManyAsync()
    {
        var log = topic.Log.Now;
        SoakValue[] values = [.. Enumerable.Range(0, Many).Select(_ => Next(log, SoakKeys.NextShared(random)))];
        var attempts = await topic.Writable.PutManyAsync(values.Select(value => KeyValuePair.Create(log.Keys[value.Key], value)));
        for (var i = 0; i < attempts.Count; i++)
            Count("put of many, acknowledged", values[i], attempts[i].Error);
    }

    private SoakValue Next(LogState log, int number) =>
        new(log.Layout, number, writer, ++_sequence, IsToBeAborted: false, random.Next(SoakValue.MinLength, SoakValue.MaxLength + 1));

    private async Task<Written> OutcomeAsync(string operation, SoakValue? value, Func<Task<PutResult>> write)
    {
        try
        {
            var result = await write();
            Count(operation, value, error: null);
            return new Written(PutOutcome.Committed, result.Position, IsReadable: true);
        }
        catch (PutException error)
        {
            Count(operation, value, error);
            return new Written(error.Outcome, error.Result?.Position ?? default, IsReadable: false);
        }
    }

    private void Count(string operation, SoakValue? value, PutException? error)
    {
        figures.Operations.Add(operation);
        figures.Outcomes.Add(error switch
        {
            null => "Committed",
            { Outcome: PutOutcome.Committed } => "Committed, but the wait for the apply ended",
            _ => error.Outcome.ToString(),
        });
        if (error is null or { Outcome: PutOutcome.Committed })
            return;
        figures.PutErrors.Add($"{error.Outcome}: {error.Message.Split(". ")[0]}");
        if (error.Outcome == PutOutcome.NotCommitted && value is not null)
            notCommitted.Add(value, error.Message);
    }

    private void Settle(int number, SoakValue? value, Written written, LogState before)
    {
        switch (written.Outcome)
        {
            case PutOutcome.Committed:
                if (written.IsReadable)
                    ReadBack(number, value, written.Position, before);
                Own.Commit(number, written.Position, value, before, topic.Log.Now);
                break;
            case PutOutcome.Unknown:
                Own.Doubt(number, topic.Log.Now);
                break;
            default:
                break; // The record is not in the log, so the previous record is still the last one.
        }
    }

    private void ReadBack(int number, SoakValue? value, CachePosition position, LogState before)
    {
        var found = topic.Writable.TryGetEntry(before.Keys[number], out var entry);
        var isRight = value is null ? !found : found && entry.Position == position && entry.Value == value;
        if (!before.IsSettled || topic.Log.Now.Begun != before.Begun)
        {
            figures.Checks.Add(isRight ? "own writes read back, while the log changed" : "own writes not read back, while the log changed");
            return;
        }

        figures.Checks.Add("own writes read back");
        if (isRight)
            return;
        if (Own.IsDoubtful(number, before))
            return; // An earlier write of unknown outcome may have reached the log after this one.
        violations.Add(
            string.Create(CultureInfo.InvariantCulture, $"Read-your-write of '{topic.Writable.Name}', key {number}, written at {position}"),
            value?.ToString() ?? "none", found ? $"{entry.Value} at {entry.Position}" : "none");
    }

    /// <param name="Outcome">The outcome of the put.</param>
    /// <param name="Position">The position of the record, if it is committed.</param>
    /// <param name="IsReadable">Whether the wait for the record to be applied succeeded.</param>
    private readonly record struct Written(PutOutcome Outcome, CachePosition Position, bool IsReadable);
}
