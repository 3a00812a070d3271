using KafkaCaching.Hybrid.Options;
using KafkaCaching.Hybrid.Records;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Hybrid.Hosting;

/// <summary>The settings of one hybrid cache of a container: made when the options of the cache behind it are, on top of what the section
/// and the defaults of all caches gave those, and checked with them.</summary>
internal sealed class HybridSettings(string cacheName, IConfiguration? section, Action<KafkaHybridCacheOptions>? configure)
    : IValidateOptions<KafkaCacheOptions<string, StoredRecord>>
{
    private readonly List<string> _faults = [];

    public KafkaHybridCacheOptions Options { get; } = new();

    public ValidateOptionsResult Validate(string? name, KafkaCacheOptions<string, StoredRecord> options) =>
        name != cacheName ? ValidateOptionsResult.Skip
        : _faults.Count > 0 ? ValidateOptionsResult.Fail(_faults)
        : ValidateOptionsResult.Success;

    public void ApplyTo(KafkaCacheOptions<string, StoredRecord> cache)
    {
        Take(cache);
        if (section is not null)
            _faults.AddRange(OwnSettings.Bind(section, Options));
        configure?.Invoke(Options);
        _faults.AddRange(OptionsFaults.Of(Options));
        Give(cache);
    }

    // The code that configures the options sees what is set already.
    private void Take(KafkaCacheOptions<string, StoredRecord> cache)
    {
        (Options.BootstrapServers, Options.Topic, Options.Log) = (cache.BootstrapServers, cache.Topic, cache.Log);
        (Options.PutTimeout, Options.ApplyTimeout) = (cache.PutTimeout, cache.ApplyTimeout);
        (Options.Client, Options.Consumer, Options.Producer) = (cache.Client, cache.Consumer, cache.Producer);
        Options.Store = cache.Store;
    }

    private void Give(KafkaCacheOptions<string, StoredRecord> cache)
    {
        (cache.BootstrapServers, cache.Topic, cache.Log) = (Options.BootstrapServers, Options.Topic, Options.Log);
        (cache.PutTimeout, cache.ApplyTimeout) = (Options.PutTimeout, Options.ApplyTimeout);
        (cache.Client, cache.Consumer, cache.Producer) = (Options.Client, Options.Consumer, Options.Producer);
        cache.Store = Options.Store;
        cache.TimeProvider = Options.TimeProvider ?? cache.TimeProvider;

        var codec = new RecordCodec();
        (cache.ValueSerializer, cache.ValueDeserializer) = (codec, codec);
        cache.ExpireByHeader = true;
        if (cache.Store.SpillDirectory is null)
            (cache.Store.WhenFull, cache.Store.NeverEvictPrefixes) = (StoreFullPolicy.Evict, RecordKeys.NeverEvicted);
        cache.ReadOnly = false;
        cache.ReuseInstances = true;
        cache.OnRecordError = RecordErrorPolicy.Skip;

        // Before the cache is ready, some marks may be missing, so an entry that is invalid could be read.
        cache.ReadBeforeReady = false;
    }
}
