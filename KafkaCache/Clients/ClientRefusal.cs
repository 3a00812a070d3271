using Confluent.Kafka;
using KafkaCaching.Diagnostics;

namespace KafkaCaching.Clients;

/// <summary>What a client can only be asked by making it: whether it takes all its settings together.</summary>
internal static class ClientRefusal
{
    /// <summary>Makes a client, or says why it can't be made of these settings.</summary>
    /// <param name="settings">What it is made of.</param>
    /// <param name="open">Makes it.</param>
    /// <param name="reason">Why it can't be made, in its own words and without a secret; <see langword="null"/> when it was.</param>
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

    // librdkafka quotes values in some of its refusals.
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
