namespace KafkaCaching.Hosting;

/// <summary>One call of <c>AddKafkaCache</c>. It is itself a service, so that code that needs all caches finds them, in whatever order
/// services were added.</summary>
internal abstract class CacheRegistration(string name)
{
    public string Name => name;

    public bool ServesWhenReady { get; set; }

    /// <summary>The type of the service that reads the cache.</summary>
    public abstract Type ReadType { get; }

    /// <summary>The faults in the settings of the cache. The call starts nothing.</summary>
    public abstract CacheFaults Faults(IServiceProvider services);

    /// <summary>The cache. It is started if it has not been started yet.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The settings of this or another cache have
    /// faults.</exception>
    public abstract IKafkaCache Cache(IServiceProvider services);
}

/// <summary>The name that a cache would have in metrics, and the faults that keep it from starting.</summary>
internal sealed record CacheFaults(string Name, IReadOnlyList<string> Messages);
