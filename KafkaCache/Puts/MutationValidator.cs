namespace KafkaCaching;

/// <summary>Validates the change of one key. Called on the replay thread before the change is applied.</summary>
/// <remarks>The validator can't guarantee that all caches decide alike. The previous value of a key depends on the records that a cache has
/// read before. Compaction removes some of them, and with a resolver the order in which partitions are read matters too. Caches that
/// started at different times may therefore decide differently about one record. From then on they may differ in what they hold, or in
/// whether they fault. To validate a record by itself, use <see cref="RecordValidator"/>: all caches agree on its result.</remarks>
/// <typeparam name="TKey">The type of the cache's keys.</typeparam>
/// <typeparam name="TValue">The type of the cache's values.</typeparam>
/// <param name="mutation">The key with its previous and next value.</param>
/// <returns>Whether the change is good. If the validator returns <see langword="false"/> or throws, the record becomes a record
/// error.</returns>
public delegate bool MutationValidator<TKey, TValue>(in CacheMutation<TKey, TValue> mutation)
    where TKey : notnull;
