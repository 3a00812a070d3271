namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>The state of the log under a topic's name, and its keys. Re-creating the topic and adding partitions are changes. A change
/// counts as begun before its first admin request is sent, and as settled once both cache instances have returned a record that was written
/// after it.</summary>
internal sealed record LogState(int Begun, int Settled, int Layout, string[] Keys)
{
    public bool IsSettled => Begun == Settled;
}

/// <inheritdoc cref="LogState"/>
internal sealed class TopicLog
{
    private LogState _state = new(0, 0, 0, SoakKeys.Of(0));

    public LogState Now => Volatile.Read(ref _state);

    public void Begin() => Volatile.Write(ref _state, _state with { Begun = _state.Begun + 1 });

    public void UseNewKeys() =>
        Volatile.Write(ref _state, _state with { Layout = _state.Layout + 1, Keys = SoakKeys.Of(_state.Layout + 1) });

    public void Settle() => Volatile.Write(ref _state, _state with { Settled = _state.Begun });
}
