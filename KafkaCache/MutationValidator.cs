namespace KafkaCaching;

/// <summary>Judges the change of one key. Called on the replay thread before the change is applied.</summary>
/// <typeparam name="TKey">The type of the cache's keys.</typeparam>
/// <typeparam name="TValue">The type of the cache's values.</typeparam>
/// <param name="mutation">The key with its previous and next value.</param>
/// <returns>Whether the change is good. <see langword="false"/>, or throwing, makes the record a record error.</returns>
public delegate bool MutationValidator<TKey, TValue>(in CacheMutation<TKey, TValue> mutation)
    where TKey : notnull;
