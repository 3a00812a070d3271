namespace KafkaCaching.Replay;

/// <summary>Is told after each turn of the loop, on the replay thread, once positions are published.</summary>
internal interface IReplayObserver
{
    /// <returns>Why the loop must end, if it must.</returns>
    ReplayEnd? AfterBatch();
}
