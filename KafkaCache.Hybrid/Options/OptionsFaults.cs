using System.Globalization;

namespace KafkaCaching.Hybrid.Options;

/// <summary>Checks the options of this package. The underlying cache checks its own options.</summary>
internal static class OptionsFaults
{
    private const long MaxPayloadBytes = 128L << 20;
    private const int MaxKeyLength = 32_768;

    private static readonly TimeSpan TimeToLiveLimit = TimeSpan.FromDays(30);

    public static IEnumerable<string> Of(KafkaHybridCacheOptions options)
    {
        var second = TimeSpan.FromSeconds(1);
        var isMaxGood = options.MaxTimeToLive >= second && options.MaxTimeToLive <= TimeToLiveLimit;
        if (!isMaxGood)
            yield return $"MaxTimeToLive is {options.MaxTimeToLive}. Set it to a value from 1 second to 30 days.";
        if (options.TimeToLive < second || (isMaxGood && options.TimeToLive > options.MaxTimeToLive))
            yield return $"TimeToLive is {options.TimeToLive}. Set it to a value from 1 second to MaxTimeToLive, which is "
                + $"{options.MaxTimeToLive}.";
        if (options.StaleIfError < TimeSpan.Zero || options.StaleIfError > TimeSpan.FromDays(1))
            yield return $"StaleIfError is {options.StaleIfError}. Set it to a value from 0 to 1 day.";
        if (options.ClaimTimeout < TimeSpan.FromMilliseconds(100) || options.ClaimTimeout > TimeSpan.FromMinutes(10))
            yield return $"ClaimTimeout is {options.ClaimTimeout}. Set it to a value from 100 ms to 10 minutes.";
        if (options.MaximumPayloadBytes is < 1 or > MaxPayloadBytes)
            yield return $"MaximumPayloadBytes is {options.MaximumPayloadBytes}. Set it to a value from 1 byte to 128 MiB "
                + $"({MaxPayloadBytes}).";
        if (options.MaximumKeyLength is < 1 or > MaxKeyLength)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"MaximumKeyLength is {options.MaximumKeyLength}. Set it to a value from 1 to {MaxKeyLength} characters.");
        if (options.Partitions is < 1 or > 10_000)
            yield return string.Create(
                CultureInfo.InvariantCulture, $"Partitions is {options.Partitions}. Set it to a value from 1 to 10000.");
        if (options.ReplicationFactor is < 0 or > short.MaxValue)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"ReplicationFactor is {options.ReplicationFactor}. Set it to the number of brokers that keep a record, or to 0.");
        if (!Enum.IsDefined(options.Backend))
            yield return $"Backend is {(int)options.Backend}, which is not a backend. Set it to Kafka, Embedded or Memory.";
        if (options.Backend == KafkaHybridCacheBackend.Embedded && options.Log is null && string.IsNullOrEmpty(options.BootstrapServers))
            yield return "Backend is Embedded, and BootstrapServers is not set. Add the package KafkaCache.Testing, start a broker with "
                + "'var broker = EmbeddedBroker.Start(); broker.CreateTopic(\"web-cache\");', and set "
                + "'options.BootstrapServers = broker.BootstrapServers' in the code of AddKafkaHybridCache.";
    }
}
