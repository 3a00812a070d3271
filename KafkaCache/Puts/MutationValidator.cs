namespace KafkaCaching;

/// <summary>Judges the change of one key. Called on the replay thread before the change is applied.</summary>
/// <remarks>What it can't promise: that all caches judge alike. What a key changes from depends on the records that a cache has read
/// before. Compaction removes some of them, and with a resolver the order in which partitions are read counts too. Caches that began at
/// different times may therefore judge one record differently, and differ from then on in what they hold, or in whether they fault. To
/// judge a record by itself, use <see cref="RecordValidator"/>: all caches agree on that.</remarks>
/// <typeparam name="TKey">The type of the cache's keys.</typeparam>
/// <typeparam name="TValue">The type of the cache's values.</typeparam>
/// <param name="mutation">The key with its previous and next value.</param>
/// <returns>Whether the change is good. <see langword="false"/>, or throwing, makes the record a record error.</returns>
public delegate bool MutationValidator<TKey, TValue>(in CacheMutation<TKey, TValue> mutation)
    where TKey : notnull;
