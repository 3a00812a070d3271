namespace KafkaCaching.Tests.Histories.Model;

/// <summary>The brokers, as far as one topic goes.</summary>
internal sealed class ModelKafka(int partitions)
{
    private int _topics = 1;

    /// <summary>What stands under the name, if anything does.</summary>
    public ModelTopic? Topic { get; private set; } = new("topic-1", partitions);

    public void Delete() => Topic = null;

    public void Create(int count) => Topic = new ModelTopic($"topic-{++_topics}", count);
}
