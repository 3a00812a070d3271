namespace KafkaCaching.Tests.Jobs;

/// <summary>A row of the tests' price lists, with the number of the fetch that returned it.</summary>
public sealed record Price(string Sku, string Name, int ShopId, long Fetch);
