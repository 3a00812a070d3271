namespace KafkaCaching.Diagnostics;

/// <summary>The objects that a set of observable instruments reads at each scrape. Safe to use from any thread.</summary>
internal sealed class ObservedSet<T>
    where T : class
{
    private readonly Lock _gate = new();
    private T[] _all = [];

    public IReadOnlyList<T> All => Volatile.Read(ref _all);

    /// <summary>Includes an object in the metrics until the returned registration is disposed of.</summary>
    public IDisposable Add(T subject)
    {
        lock (_gate)
            _all = [.. _all, subject];
        return new Shown(this, subject);
    }

    private void Remove(T subject)
    {
        lock (_gate)
            _all = Array.FindAll(_all, one => !ReferenceEquals(one, subject));
    }

    private sealed class Shown(ObservedSet<T> set, T subject) : IDisposable
    {
        public void Dispose() => set.Remove(subject);
    }
}
