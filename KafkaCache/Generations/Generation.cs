using KafkaCaching.Replay;
using KafkaCaching.Store;
using KafkaCaching.Topics;

namespace KafkaCaching.Generations;

/// <summary>One replay of one topic into one store.</summary>
internal sealed class Generation(
    int number, TopicShape topic, IStateStore store, InstanceTable? instances, RecordApplier applier, Positions positions, long started)
{
    private long _recordsApplied;

    public int Number { get; } = number;

    public TopicShape Topic { get; } = topic;

    public IStateStore Store { get; } = store;

    /// <summary>The values decoded once, where instances are reused.</summary>
    public InstanceTable? Instances { get; } = instances;

    public RecordApplier Applier { get; } = applier;

    public Positions Positions { get; } = positions;

    /// <summary>When the replay began, by the clock's own timestamps.</summary>
    public long Started { get; } = started;

    public long RecordsApplied => Volatile.Read(ref _recordsApplied);

    /// <summary>Replay thread, once a batch.</summary>
    public void Applied(int records) => Volatile.Write(ref _recordsApplied, _recordsApplied + records);
}
