namespace KafkaCaching;

/// <summary>Turns one record into entries: a pure function of the record. It is called once for each record, in the order of its
/// partition, on the replay thread; never for a tombstone, which retracts what the record key's last record yielded.</summary>
/// <remarks>What a record yields replaces what the previous record with that record key yielded. Where the latest records of several record
/// keys yield one key, the one with the latest timestamp is its entry, then the one of the highest partition, then the one at the highest
/// offset. When that record key no longer yields the key, the next one's entry comes back. What the resolver throws is a record error, and
/// goes to <c>OnRecordError</c>.</remarks>
/// <typeparam name="TKey">The type of the cache's keys, which may differ from the record's.</typeparam>
/// <typeparam name="TValue">The type of the cache's values, which may differ from the record's.</typeparam>
/// <param name="record">The record. It and its spans are valid only during the call.</param>
/// <param name="updates">Takes the entries. Valid only during the call.</param>
public delegate void Resolver<TKey, TValue>(in CacheRecord record, ICacheUpdates<TKey, TValue> updates)
    where TKey : notnull;
