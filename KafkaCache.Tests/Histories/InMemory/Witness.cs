using KafkaCaching.Generations;

namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>Checks one cache after each step, and compares its content with the log.</summary>
internal sealed class Witness(ModelCache cache, HistoryRules rules)
{
    private readonly Dictionary<string, long> _offsets = new(StringComparer.Ordinal);
    private readonly List<ModelWait> _waits = [];
    private Generation? _seen;
    private long[] _positions = [];

    /// <summary>The number of checks.</summary>
    public int Looks { get; private set; }

    public void Wait(CachePosition position) => _waits.Add(new ModelWait(cache, position));

    public void Look()
    {
        Looks++;
        cache.ThrowIfWrittenTooLate();
        LookAtWaits();
        LookAtPhase();
        if (cache.State.Readable is not { } generation)
        {
            Assert.ThrowsAny<InvalidOperationException>(() => cache.Reader.Count);
            return;
        }

        LookAtPositions(generation);
        var read = cache.GenerationOf(generation);
        if (!read.HasForeignRecords)
            LookAtContent(generation, read);
    }

    /// <summary>Checks that all waits have ended when the cache is disposed.</summary>
    public void LookAfterTheEnd()
    {
        foreach (var wait in _waits)
            wait.LookAfterTheEnd();
        Assert.Equal(CachePhase.Stopped, cache.State.Snapshot().Phase);
    }

    private void LookAtWaits()
    {
        foreach (var wait in _waits)
            wait.Look();
        _waits.RemoveAll(static wait => wait.IsOver);
    }

    private void LookAtPhase()
    {
        var (phase, _, fault, _) = cache.State.Snapshot();
        if (phase == CachePhase.Faulted)
        {
            Assert.Equal(RecordErrorPolicy.Fail, rules.Policy);
            var error = Assert.IsType<RecordErrorException>(fault);
            var logs = cache.GenerationOf(cache.State.Held().Last());
            Assert.True(
                logs.HasForeignRecords
                    || logs.Logs[error.Partition].Records.Any(record => record.Offset == error.Offset && rules.Refuses(record)),
                $"It faulted by {error.Message}, which is a good record.");
        }
        else if (phase is not (CachePhase.Starting or CachePhase.Replaying) && cache is { Reads: true, HasJustTurned: true })
        {
            var unconfirmed = cache.Clock.Now - cache.Client.HeadsGiven;
            if (unconfirmed > ModelCache.StaleAfter + HistoryClock.Tick)
                Assert.Equal(CachePhase.Stale, phase);
        }
    }

    private void LookAtPositions(Generation generation)
    {
        var positions = generation.Positions.Partitions.ToArray().Select(static partition => partition.Position).ToArray();
        if (generation != _seen)
        {
            // A generation that was never ready has given no guarantees.
            if (_seen?.Replay is not null)
                LookAtSwap(_seen, generation, positions);
            _offsets.Clear();
        }
        else
        {
            AssertNeverBack(_positions, positions);
        }

        (_seen, _positions) = (generation, positions);
        if (cache.State.Ready.IsDone && cache.State.Snapshot().Phase != CachePhase.Faulted)
            LookAtTargets(generation, positions);
    }

    // Positions may decrease only if the log itself was truncated.
    private void LookAtSwap(Generation from, Generation to, long[] positions)
    {
        var (left, next) = (cache.GenerationOf(from), cache.GenerationOf(to));
        if (left.Topic != next.Topic || left.HasForeignRecords)
            return;
        for (var partition = 0; partition < _positions.Length; partition++)
        {
            var agrees = left.Logs[partition].AgreesWith(next.Logs[partition]);
            Assert.True(
                positions[partition] >= Math.Min(_positions[partition], agrees),
                $"Partition {partition} went back from {_positions[partition]} to {positions[partition]} by a swap.");
        }
    }

    private static void AssertNeverBack(long[] before, long[] now)
    {
        for (var partition = 0; partition < before.Length; partition++)
            Assert.True(
                now[partition] >= before[partition],
                $"The position of partition {partition} went back from {before[partition]} to {now[partition]}.");
    }

    // Once the cache has been ready, every high watermark that was listed at the beginning of the generation must have been reached.
    private void LookAtTargets(Generation generation, long[] positions)
    {
        if (generation != cache.State.Current)
            return;
        var read = cache.GenerationOf(generation);
        for (var partition = 0; partition < read.PartitionsAtBeginning; partition++)
        {
            Assert.True(
                read.HasForeignRecords || positions[partition] >= read.Listed[partition].HighWatermark,
                $"It is ready with partition {partition} at {positions[partition]} of {read.Listed[partition].HighWatermark}.");
        }
    }

    private void LookAtContent(Generation generation, ReadGeneration read)
    {
        // While a snapshot's file is served, a scan would wait until the whole file is loaded, and the count is not exact.
        var scanned = generation.IsLoaded
            ? cache.Reader.Scan().ToDictionary(static pair => pair.Key, static pair => pair.Value, StringComparer.Ordinal)
            : null;
        if (scanned is not null)
            Assert.Equal(scanned.Count, cache.Reader.Count);
        var expected = 0;

        // A stale cache may be behind. Its next check of the topic shows for how long.
        var mayMissTombstones = read.MayMissTombstones || cache.State.Snapshot().Phase == CachePhase.Stale;
        for (var partition = 0; partition < generation.Positions.Count; partition++)
        {
            expected += ContentCheck.HoldAgainst(
                cache.Reader.TryGet, scanned, read.Logs[partition], cache.StartOf(generation, partition), _positions[partition], rules,
                _offsets, mayMissTombstones);
        }

        if (scanned is not null)
            Assert.Equal(expected, scanned.Count);
    }
}
