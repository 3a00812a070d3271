namespace KafkaCaching.Hosting;

/// <summary>A registration made by a call of <c>AddKafkaCache</c>. It is itself a service, so that code that needs all caches can find
/// them, regardless of the order in which services were added.</summary>
internal abstract class CacheRegistration(string name)
{
    public string Name => name;

    public bool ServesWhenReady { get; set; }

    /// <summary>The type of the service through which the cache is read.</summary>
    public abstract Type ReadType { get; }

    /// <summary>Returns the faults in the settings of the cache. The call does not start the cache.</summary>
    public abstract CacheFaults Faults(IServiceProvider services);

    /// <summary>Returns the cache, and starts it if it has not been started yet.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The settings of this or another cache have
    /// faults.</exception>
    public abstract IKafkaCache Cache(IServiceProvider services);
}

/// <summary>The name that a cache would have in metrics, and the faults that prevent it from starting.</summary>
internal sealed record CacheFaults(string Name, IReadOnlyList<string> Messages);
