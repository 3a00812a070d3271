using KafkaCaching.Leadership;

namespace KafkaCaching.EntityFrameworkCore;

/// <summary>The options that all relays of change streams have in common. They control the election of the one instance that reads the
/// stream. Derive from this class to add the options of a source.</summary>
public abstract class ChangeRelayOptions
{
    /// <summary>Creates options with their defaults.</summary>
    protected ChangeRelayOptions()
    {
    }

    /// <summary>The topic of the elections: <see cref="LeadershipOptions.Topic"/>. Default: <c>kafkacache-leadership</c>.</summary>
    public string ElectionTopic { get; set; } = "kafkacache-leadership";

    /// <summary>Whether a missing election topic is created. Default: <see langword="true"/>.</summary>
    public bool CreateElectionTopic { get; set; } = true;

    /// <summary>The replication factor of a new election topic. Range: from 1. Default: <see langword="null"/>, which uses the brokers'
    /// <c>default.replication.factor</c>.</summary>
    public short? ReplicationFactor { get; set; }

    /// <summary>How long the brokers wait for a heartbeat from the instance that reads the stream before another one is elected:
    /// <see cref="LeadershipOptions.SessionTimeout"/>. Range: 1 second to 5 minutes. Default: 6 seconds.</summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>Validates the options when the host starts. A derived class adds its own faults to these.</summary>
    /// <returns>One sentence for each fault, which states what is wrong and what to change; none if the options are valid.</returns>
    protected internal virtual IEnumerable<string> Faults() => ElectionFaults.Of(SessionTimeout, ReplicationFactor);
}
