namespace KafkaCaching.Hosting;

/// <summary>One call of <c>AddKafkaCache</c>. It stands among the services, so that whoever needs all caches finds them, in whatever order
/// things were added.</summary>
internal abstract class CacheRegistration(string name)
{
    public string Name => name;

    public bool ServesWhenReady { get; set; }

    /// <summary>What is wrong with its settings. Starts nothing.</summary>
    public abstract CacheFaults Faults(IServiceProvider services);

    /// <summary>The cache; started, where it isn't yet.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The settings of this or another cache have
    /// faults.</exception>
    public abstract IKafkaCache Cache(IServiceProvider services);
}

/// <summary>The name that a cache would have in metrics, and what keeps it from starting.</summary>
internal sealed record CacheFaults(string Name, IReadOnlyList<string> Messages);
