using KafkaCaching.Changes;

namespace KafkaCaching.Generations.Supervision;

/// <summary>Removes the expired entries of a generation. It runs on the replay thread, between batches, and uses a small fraction of the
/// thread's time.</summary>
internal sealed class ExpirySweeper(Generation generation, ChangeFeed changes, TimeProvider time)
{
    private const int UsualPart = 20;

    // When more than an eighth of the entries have expired, memory matters more than the time that the sweep takes.
    private const int ManyPart = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaxTurn = TimeSpan.FromMilliseconds(50);

    private long _swept = time.GetTimestamp();

    /// <summary>Sweeps for a fraction of the time that has passed since the last sweep.</summary>
    public void AfterBatch()
    {
        var passed = time.GetElapsedTime(_swept);
        if (passed < Pause)
            return;
        var part = generation.Store.ExpiredCount > generation.Store.Count / 8 ? ManyPart : UsualPart;
        Sweep(passed / part < MaxTurn ? passed / part : MaxTurn);
        _swept = time.GetTimestamp();
    }

    /// <summary>Sweeps all expired entries before the generation begins to serve, so that no entry that expired long ago is reported to
    /// watchers.</summary>
    public void BeforeServing()
    {
        generation.Store.Sweep(TimeSpan.MaxValue);
        _swept = time.GetTimestamp();
    }

    // Watchers receive the removals as one batch.
    private void Sweep(TimeSpan atMost)
    {
        changes.BeginBatch();
        try
        {
            generation.Store.Sweep(atMost);
        }
        finally
        {
            changes.EndBatch();
        }
    }
}
