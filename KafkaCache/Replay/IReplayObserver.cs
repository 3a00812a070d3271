using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Replay;

/// <summary>Receives a call at each stage of the loop, on the replay thread.</summary>
internal interface IReplayObserver
{
    /// <summary>Called when a batch has been taken. None of its records has been applied yet.</summary>
    void Taken(RecordBatch batch)
    {
    }

    /// <summary>Called when records are about to be applied. <see cref="Applied"/> follows, even on a fault.</summary>
    void Applying()
    {
    }

    /// <summary>Called when records have been applied and their positions have been published.</summary>
    void Applied()
    {
    }

    /// <summary>Called when positions have been published in the middle of a slow batch.</summary>
    void AmidBatch()
    {
    }

    /// <summary>Called when the batch has been applied and its positions have been published.</summary>
    /// <returns>The reason why the loop must end, or <see langword="null"/> if it continues.</returns>
    ReplayEnd? AfterBatch();
}
