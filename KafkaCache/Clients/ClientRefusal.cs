using Confluent.Kafka;

namespace KafkaCaching.Clients;

/// <summary>Checks whether a client accepts the combination of its settings. The only way to find out is to create the client.</summary>
internal static class ClientRefusal
{
    /// <summary>Creates a client, or returns the reason why it can't be created with these settings.</summary>
    /// <param name="settings">The settings of the client.</param>
    /// <param name="open">Creates the client.</param>
    /// <param name="reason">The client's explanation of why it can't be created, without secrets; <see langword="null"/> on
    /// success.</param>
    public static T? Try<T>(Config settings, Func<Config, T> open, out string? reason)
        where T : class
    {
        try
        {
            reason = null;
            return open(settings);
        }
        catch (Exception refused) when (refused is KafkaException or InvalidOperationException or ArgumentException or FormatException
            or OverflowException)
        {
            reason = WithoutSecrets(ClientLogText.Plain(refused.Message), settings).TrimEnd('.');
            return null;
        }
    }

    /// <summary>The refusal of a consumer, as an error of the client.</summary>
    public static Error OfConsumer(string? reason) => new(ErrorCode.Local_Fail, $"The consumer can't be created: {reason}");

    // librdkafka quotes values in some of its error messages.
    private static string WithoutSecrets(string text, Config settings)
    {
        foreach (var (name, value) in settings)
        {
            if (value.Length > 0 && IsSecret(name))
                text = text.Replace(value, "[redacted]", StringComparison.Ordinal);
        }

        return text;
    }

    private static bool IsSecret(string name) =>
        name.Contains("password", StringComparison.Ordinal)
            || name.Contains("secret", StringComparison.Ordinal) || name.Contains("oauthbearer", StringComparison.Ordinal)
        || name.EndsWith(".pem", StringComparison.Ordinal) || name.Contains("passphrase", StringComparison.Ordinal);
}
