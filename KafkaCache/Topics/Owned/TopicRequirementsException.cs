namespace KafkaCaching;

/// <summary>Thrown when a topic is missing, can't be created, can't be checked, or does not meet its requirements. Trying again does not
/// help: a person must correct the topic. The message contains every fault, each with the command that corrects it.</summary>
public class TopicRequirementsException : KafkaCacheException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="servers">The value of <c>bootstrap.servers</c>.</param>
    /// <param name="faults">The faults. Each says what is wrong, and contains the command that corrects it.</param>
    /// <param name="innerException">The exception of the client, if it is the cause.</param>
    public TopicRequirementsException(string topic, string servers, IReadOnlyList<string> faults, Exception? innerException = null)
        : base(Text(topic, servers, faults), innerException)
    {
        Topic = topic;
        Faults = faults;
    }

    /// <summary>The topic.</summary>
    public string Topic { get; }

    /// <summary>The faults. Each says what is wrong, and contains the command that corrects it on a separate line.</summary>
    public IReadOnlyList<string> Faults { get; }

    private static string Text(string topic, string servers, IReadOnlyList<string> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        return string.Join(
            '\n', [$"The topic '{topic}' on {servers} can't be used as it is:", .. faults.Select(static fault => $"- {fault}")]);
    }
}
