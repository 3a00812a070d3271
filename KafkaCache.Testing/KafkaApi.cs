namespace KafkaCaching.Testing;

/// <summary>The requests of the Kafka protocol that <see cref="EmbeddedBroker"/> answers, by API key.</summary>
#pragma warning disable CA1028 // An API key is 16 bits wide in the protocol.
public enum KafkaApi : short
#pragma warning restore CA1028
{
    /// <summary>Append record batches to partitions.</summary>
    Produce = 0,

    /// <summary>Read record batches from partitions.</summary>
    Fetch = 1,

    /// <summary>Look up the log start offset or the end offset of partitions.</summary>
    ListOffsets = 2,

    /// <summary>Describe brokers, topics and partition leaders.</summary>
    Metadata = 3,

    /// <summary>Commit the offsets of a consumer group.</summary>
    OffsetCommit = 8,

    /// <summary>Read the committed offsets of a consumer group.</summary>
    OffsetFetch = 9,

    /// <summary>Find the coordinator of a group or of a transactional producer.</summary>
    FindCoordinator = 10,

    /// <summary>Join a consumer group.</summary>
    JoinGroup = 11,

    /// <summary>List the supported versions of each request.</summary>
    ApiVersions = 18,

    /// <summary>Obtain a producer ID and epoch.</summary>
    InitProducerId = 22,

    /// <summary>Look up where a leader epoch ends.</summary>
    OffsetForLeaderEpoch = 23,

    /// <summary>Add partitions to a transaction.</summary>
    AddPartitionsToTxn = 24,

    /// <summary>Commit or abort a transaction.</summary>
    EndTxn = 26,
}
