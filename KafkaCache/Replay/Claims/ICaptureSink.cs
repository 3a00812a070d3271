namespace KafkaCaching.Replay.Claims;

/// <summary>Receives the states of a table that is being captured.</summary>
internal interface ICaptureSink<in TState>
{
    /// <returns>Whether there was room.</returns>
    bool TrySave(byte[] key, TState state);

    /// <summary>Saves a state that is about to change. If there is no room, the capture becomes unusable.</summary>
    void SaveFirst(byte[] key, TState state);
}
