using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Replay;

/// <summary>Is told of each turn of the loop, on the replay thread.</summary>
internal interface IReplayObserver
{
    /// <summary>A batch has been taken; none of it is applied.</summary>
    void Taken(RecordBatch batch)
    {
    }

    /// <summary>Positions are published amid a batch that takes its time.</summary>
    void AmidBatch()
    {
    }

    /// <summary>The batch is applied and its positions are published.</summary>
    /// <returns>Why the loop must end, if it must.</returns>
    ReplayEnd? AfterBatch();
}
