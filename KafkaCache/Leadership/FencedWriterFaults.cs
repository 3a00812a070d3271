using KafkaCaching.Topics;
using KafkaCaching.Topics.Owned;

namespace KafkaCaching.Leadership;

/// <summary>Checks the options of a fenced writer. All faults are reported at once.</summary>
internal static class FencedWriterFaults
{
    private const int MaxIdLength = 240;

    public static IEnumerable<string> Of(FencedWriterOptions options) =>
    [
        .. RequirementFaults.Of(
            new EnsureTopicOptions
            {
                BootstrapServers = options.BootstrapServers, Client = options.Client, Timeout = options.Timeout,
                TimeProvider = options.TimeProvider,
            }),
        .. Own(options),
    ];

    private static IEnumerable<string> Own(FencedWriterOptions options)
    {
        if (!TopicNames.IsLegal(options.Topic))
            yield return $"Topic is not a name that Kafka allows. {TopicNames.Rule}";
        if (options.Partition < 0)
            yield return $"Partition is {options.Partition}. Set it to 0 or more.";
        if (string.IsNullOrWhiteSpace(options.Id) || options.Id.Length > MaxIdLength || options.Id.Any(char.IsControl))
            yield return $"Id is missing, too long or has control characters. Use 1 to {MaxIdLength} characters.";
        if (options.TransactionTimeout < TimeSpan.FromSeconds(1) || options.TransactionTimeout > TimeSpan.FromMinutes(15))
            yield return $"TransactionTimeout is {options.TransactionTimeout}. Set it to a value from 1 second to 15 minutes.";
    }
}
