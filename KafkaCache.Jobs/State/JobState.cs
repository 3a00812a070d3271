using System.Diagnostics.CodeAnalysis;
using KafkaCaching.Jobs.State;

namespace KafkaCaching.Jobs;

/// <summary>The state of a job: one or more values per key. It is kept in memory; <see cref="JobRun.SaveAsync"/> saves the changes. Not
/// safe to use from several threads at once.</summary>
public sealed class JobState
{
    private readonly StateTable _table;
    private readonly TimeProvider _time;
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private Dictionary<string, IReadOnlyList<JobValue>> _values = [];

    internal JobState(StateTable table, TimeProvider time) => (_table, _time) = (table, time);

    /// <summary>Whether there is no value, because the job has never saved one or has removed all of them.</summary>
    public bool IsEmpty => _values.Count == 0;

    /// <summary>All keys and their values, the oldest value of a key first.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JobValue>> All => _values;

    /// <summary>The values of a key, the oldest first; none if the key has none.</summary>
    /// <param name="key">The key.</param>
    public IReadOnlyList<JobValue> this[string key] => _values.TryGetValue(key, out var values) ? values : [];

    /// <summary>The latest value of a key.</summary>
    /// <typeparam name="T">The type to read it as.</typeparam>
    /// <param name="key">The key.</param>
    /// <returns>The value, or <c>default(T)</c> if the key has none.</returns>
    /// <exception cref="System.Text.Json.JsonException">The value is of another type.</exception>
    public T? Get<T>(string key) => TryGet<T>(key, out var value) ? value : default;

    /// <summary>Tries to get the latest value of a key.</summary>
    /// <typeparam name="T">The type to read it as.</typeparam>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether the key has a value.</returns>
    /// <exception cref="System.Text.Json.JsonException">The value is of another type.</exception>
    public bool TryGet<T>(string key, [MaybeNullWhen(false)] out T value)
    {
        if (this[key] is [.., var last])
        {
            value = last.As<T>()!;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Sets a key to a single value, which replaces its earlier values.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="key">The key: 1 to 1,000 characters.</param>
    /// <param name="value">The value, which must be serializable as JSON.</param>
    /// <exception cref="ArgumentException">The key is empty or too long.</exception>
    public void Set<T>(string key, T value) => Change(key, [JobValue.Of(_time.GetUtcNow(), value)]);

    /// <summary>Adds a value to the values of a key. All values of a key are stored in one record, so keep their number low.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="key">The key: 1 to 1,000 characters.</param>
    /// <param name="value">The value, which must be serializable as JSON.</param>
    /// <exception cref="ArgumentException">The key is empty or too long.</exception>
    public void Add<T>(string key, T value) => Change(key, [.. this[key], JobValue.Of(_time.GetUtcNow(), value)]);

    /// <summary>Removes a key and its values.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether the key had any values.</returns>
    public bool Remove(string key)
    {
        if (!_values.Remove(key))
            return false;
        _changed.Add(key);
        return true;
    }

    /// <summary>Removes all keys.</summary>
    public void Clear()
    {
        _changed.UnionWith(_values.Keys);
        _values.Clear();
    }

    /// <summary>Discards the changes that have not been saved, and reads the saved state.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>A task that completes when the state has been read.</returns>
    public async Task ReloadAsync(CancellationToken cancellationToken = default)
    {
        await _table.WaitUntilSavedAsync(cancellationToken).ConfigureAwait(false);
        Read();
        _changed.Clear();
    }

    /// <summary>Reads the saved state.</summary>
    internal void Read() => _values = _table.Read();

    /// <summary>The records that save the changes.</summary>
    internal IReadOnlyList<FencedRecord> Changes() => [.. _changed.Select(key => _table.Record(key, this[key]))];

    internal void ChangesAreSaved() => _changed.Clear();

    private void Change(string key, IReadOnlyList<JobValue> values)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (key.Length > StateTable.MaxKeyLength)
            throw new ArgumentException($"The key has {key.Length} characters, more than {StateTable.MaxKeyLength}.", nameof(key));
        _values[key] = values;
        _changed.Add(key);
    }
}
