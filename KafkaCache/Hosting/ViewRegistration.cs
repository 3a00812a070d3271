using KafkaCaching.Encodings;

namespace KafkaCaching.Hosting;

/// <summary>A registration made by a call of <c>AddKafkaCacheView</c>. Like the registration of a cache, it is itself a service.</summary>
internal abstract class ViewRegistration(string name)
{
    private readonly List<(string Name, Type ReadType)> _caches = [];

    public string Name => name;

    /// <summary>Whether the declaration has been completed.</summary>
    protected abstract bool IsComplete { get; }

    public abstract IKafkaCacheView View(IServiceProvider services);

    /// <summary>Returns the faults of the view in a container with these caches.</summary>
    public IEnumerable<string> Faults(IReadOnlyCollection<CacheRegistration> caches)
    {
        if (!IsComplete)
            yield return $"View '{name}': its declaration is not complete. Add From and Select to AddKafkaCacheView.";
        foreach (var (cache, type) in _caches.Distinct())
        {
            var registered = caches.FirstOrDefault(one => one.Name == cache);
            if (registered is null)
            {
                yield return $"View '{name}': there is no cache '{cache}'. Add it with AddKafkaCache, or correct the name.";
            }
            else if (registered.ReadType != type)
            {
                yield return $"View '{name}': the cache '{cache}' is not an {TypeText.Of(type)} but an "
                    + $"{TypeText.Of(registered.ReadType)}. Correct the types in its From or Join.";
            }
        }
    }

    protected void Note(string cache, Type readType) => _caches.Add((cache, readType));
}
