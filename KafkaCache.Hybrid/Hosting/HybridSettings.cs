using KafkaCaching.Hybrid.Memory;
using KafkaCaching.Hybrid.Openings;
using KafkaCaching.Hybrid.Options;
using KafkaCaching.Hybrid.Records;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Hybrid.Hosting;

/// <summary>The settings of one hybrid cache of a container. They are created and validated together with the options of the underlying
/// cache. Their initial values are copied from these options, which the configuration section and the defaults for all caches have already
/// set.</summary>
internal sealed class HybridSettings(
    string cacheName, IConfiguration? section, Action<KafkaHybridCacheOptions> configure, TimeProvider? time)
    : IValidateOptions<KafkaCacheOptions<string, StoredRecord>>
{
    private IReadOnlyList<string> _faults = [];
    private KafkaHybridCacheOptions? _options;
    private KafkaCacheOptions<string, StoredRecord>? _cache;

    /// <summary>The processes that open tags, as found in the records of the cache.</summary>
    public TagWriters TagWriters { get; } = new();

    /// <summary>Whether the cache may start from a snapshot.</summary>
    public bool HasSnapshots => _cache?.Snapshot.Directory is not null;

    /// <summary>The options of the hybrid cache.</summary>
    /// <remarks>The container creates the options of its caches, with the defaults for all caches, before it starts anything. If
    /// <c>IOptionsMonitor</c> creates the options again later, they lack these defaults, so the first ones are kept.</remarks>
    /// <exception cref="InvalidOperationException">The options of the cache have not been created yet.</exception>
    public KafkaHybridCacheOptions Options
    {
        get
        {
            if (_options is null || _cache is null)
                throw new InvalidOperationException("The settings of a hybrid cache were requested before its cache was created.");

            // The client settings that all caches share are filled in last.
            (_options.Client, _options.BootstrapServers) = (_cache.Client, _cache.BootstrapServers);
            return _options;
        }
    }

    public ValidateOptionsResult Validate(string? name, KafkaCacheOptions<string, StoredRecord> options) =>
        name != cacheName ? ValidateOptionsResult.Skip
        : _faults.Count > 0 ? ValidateOptionsResult.Fail(_faults)
        : ValidateOptionsResult.Success;

    public void ApplyTo(KafkaCacheOptions<string, StoredRecord> cache)
    {
        var options = new KafkaHybridCacheOptions();
        var faults = new List<string>();
        Take(cache, options);
        if (section is not null)
            faults.AddRange(OwnSettings.Bind(section, options));
        configure(options);
        if (options.Backend == KafkaHybridCacheBackend.Memory)
        {
            options.Log ??= _options?.Log ?? new ProcessLog(options.TimeProvider ?? time ?? TimeProvider.System);
            options.Topic ??= cacheName;
        }

        faults.AddRange(OptionsFaults.Of(options));
        Give(options, cache);
        if (_options is null)
            (_options, _faults, _cache) = (options, faults, cache);
    }

    // Copies the values that are already set, so that the code that configures the options can see them.
    private static void Take(KafkaCacheOptions<string, StoredRecord> cache, KafkaHybridCacheOptions options)
    {
        (options.BootstrapServers, options.Topic, options.Log) = (cache.BootstrapServers, cache.Topic, cache.Log);
        (options.PutTimeout, options.ApplyTimeout) = (cache.PutTimeout, cache.ApplyTimeout);
        (options.Client, options.Consumer, options.Producer) = (cache.Client, cache.Consumer, cache.Producer);
        options.Store = cache.Store;
    }

    private void Give(KafkaHybridCacheOptions options, KafkaCacheOptions<string, StoredRecord> cache)
    {
        (cache.BootstrapServers, cache.Topic, cache.Log) = (options.BootstrapServers, options.Topic, options.Log);
        (cache.PutTimeout, cache.ApplyTimeout) = (options.PutTimeout, options.ApplyTimeout);
        (cache.Client, cache.Consumer, cache.Producer) = (options.Client, options.Consumer, options.Producer);
        cache.Store = options.Store;
        cache.TimeProvider = options.TimeProvider ?? cache.TimeProvider;

        var codec = new RecordCodec();
        (cache.ValueSerializer, cache.ValueDeserializer) = (codec, codec);
        cache.ExpireByHeader = true;
        if (cache.Store.SpillDirectory is null)
            (cache.Store.WhenFull, cache.Store.NeverEvictPrefixes) = (StoreFullPolicy.Evict, RecordKeys.NeverEvicted);
        cache.ReadOnly = false;
        cache.ReuseInstances = true;
        cache.OnRecordError = RecordErrorPolicy.Skip;
        cache.ValidateRecord = TagWriters.Notice;

        // Before the cache is ready, some marks may not have been applied, so an invalid entry could be read.
        cache.ReadBeforeReady = false;
    }
}
