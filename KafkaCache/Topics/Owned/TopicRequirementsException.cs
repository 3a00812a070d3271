namespace KafkaCaching;

/// <summary>A topic is missing, can't be created, can't be checked, or is not as it must be. Asking again doesn't help: a person must mend
/// it. The message has every fault, each with the command that mends it.</summary>
public class TopicRequirementsException : KafkaCacheException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="servers">The brokers that were asked, as <c>bootstrap.servers</c> has them.</param>
    /// <param name="faults">Each fault: what is wrong, and the command that mends it.</param>
    /// <param name="innerException">What the client reported, if that is the cause.</param>
    public TopicRequirementsException(string topic, string servers, IReadOnlyList<string> faults, Exception? innerException = null)
        : base(Text(topic, servers, faults), innerException)
    {
        Topic = topic;
        Faults = faults;
    }

    /// <summary>The topic.</summary>
    public string Topic { get; }

    /// <summary>Each fault: what is wrong, and the command that mends it on a line of its own.</summary>
    public IReadOnlyList<string> Faults { get; }

    private static string Text(string topic, string servers, IReadOnlyList<string> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        return string.Join(
            '\n', [$"The topic '{topic}' on {servers} can't be used as it is:", .. faults.Select(static fault => $"- {fault}")]);
    }
}
