namespace KafkaCaching.Tests.Histories.Model;

/// <summary>A model of the brokers with one topic name.</summary>
internal sealed class ModelKafka(int partitions)
{
    private int _topics = 1;

    /// <summary>The topic that currently has the name, if there is one.</summary>
    public ModelTopic? Topic { get; private set; } = new("topic-1", partitions);

    public void Delete() => Topic = null;

    public void Create(int count) => Topic = new ModelTopic($"topic-{++_topics}", count);
}
