namespace KafkaCaching;

/// <summary>Validates the change of one key. Called on the replay thread before the change is applied.</summary>
/// <remarks>The validator can't guarantee that all caches decide in the same way. The previous value of a key depends on the records that a
/// cache has read before. Compaction removes some of them, and with a resolver, the order in which partitions are read matters too. Caches
/// that started at different times may therefore decide differently about the same record. From then on, their contents may differ, or one
/// of them may fault. To validate a record by itself, use a <see cref="RecordValidator"/>: all caches agree on its result.</remarks>
/// <typeparam name="TKey">The type of the cache's keys.</typeparam>
/// <typeparam name="TValue">The type of the cache's values.</typeparam>
/// <param name="mutation">The key with its previous and next value.</param>
/// <returns>Whether the change is valid. If the validator returns <see langword="false"/> or throws, the record becomes a record
/// error.</returns>
public delegate bool MutationValidator<TKey, TValue>(in CacheMutation<TKey, TValue> mutation)
    where TKey : notnull;
