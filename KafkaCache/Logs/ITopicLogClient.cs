namespace KafkaCaching.Logs;

/// <summary>One cache's access to the log of a topic. The cache disposes of it when the replay has ended, regardless of the reason. Any
/// thread may call its members.</summary>
public interface ITopicLogClient : IDisposable
{
    /// <summary>Describes the current state of the topic.</summary>
    /// <returns>The description.</returns>
    /// <exception cref="TopicLogException">The topic can't be described.</exception>
    Task<TopicLogDescription> DescribeAsync();

    /// <summary>Opens a reader of the log. The cache has one reader at a time.</summary>
    /// <param name="topicId">The ID of the topic, from its description. The reader must never deliver a record of another topic that has
    /// the same name.</param>
    /// <param name="from">The partitions to read, each with the first offset to read.</param>
    /// <returns>The reader.</returns>
    ITopicLogReader OpenReader(string topicId, IReadOnlyList<CachePosition> from);

    /// <summary>Appends a record at the end of the partition that the log chooses for the key. The records of one caller keep their order,
    /// so the log must accept the record before the method returns.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; <see langword="null"/> for a tombstone.</param>
    /// <param name="headers">The headers.</param>
    /// <returns>The position and the timestamp of the record. The task fails with a <see cref="PutException"/>, which says what is known
    /// about the record.</returns>
    Task<PutResult> AppendAsync(byte[] key, byte[]? value, IReadOnlyList<KeyValuePair<string, byte[]?>> headers);
}
