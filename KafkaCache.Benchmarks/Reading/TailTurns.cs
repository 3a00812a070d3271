using System.Diagnostics;
using System.Globalization;

namespace KafkaCaching.Benchmarks.Reading;

/// <summary>Measures reads without and with a tail, round by round. The dictionary is not updated, so it shows how much the processes of
/// the tail slow down any reader on this machine.</summary>
internal sealed class TailTurns : IDisposable
{
    private const int RecordsPerSecond = 50_000;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _producer;
    private readonly ReadTurns _turns;

    public TailTurns(int entries)
    {
        _producer = new ChildProcess(
            TailProducer.Verb, "--records", entries.ToString(CultureInfo.InvariantCulture), "--rate",
            RecordsPerSecond.ToString(CultureInfo.InvariantCulture));
        var tail = _producer.NextLine();
        string[] contenders = [ReadContenders.UserDictionary, ReadContenders.Get];
        _turns = new ReadTurns(contenders.Select(contender => ReadProcess.Start(contender, entries, tail: tail)), 1);
    }

    /// <returns>The blocks, and the records per second that were applied during the round.</returns>
    public (ReadFigure[] Figures, double RecordsPerSecond) Round()
    {
        var without = _turns.Round();
        WaitUntilApplied(BeginOrPause() + (RecordsPerSecond / 10));
        var (before, start) = (Applied(), Stopwatch.GetTimestamp());
        var beside = _turns.Round(besideTail: true);
        var rate = (Applied() - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        WaitUntilApplied(BeginOrPause());
        return ([.. without, .. beside], rate);
    }

    public void Dispose()
    {
        _turns.Dispose();
        _producer.Dispose();
    }

    /// <returns>The number of records that have been sent so far.</returns>
    private long BeginOrPause() => long.Parse(_producer.Ask(""), CultureInfo.InvariantCulture);

    private long Applied() => _turns.Applied(ReadContenders.Get);

    // Polls without a pause. Nothing is measured during this wait.
    private void WaitUntilApplied(long records)
    {
        var start = Stopwatch.GetTimestamp();
        while (Applied() < records)
        {
            if (Stopwatch.GetElapsedTime(start) > Timeout)
                throw new InvalidOperationException($"The cache has not applied {records:N0} records within {Timeout.TotalSeconds:0} s.");
        }
    }
}
