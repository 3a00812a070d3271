using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>The arguments of a read by primary key.</summary>
/// <param name="Set">The set of the context.</param>
/// <param name="Values">The values of its primary key, none of them <see langword="null"/>.</param>
internal readonly record struct KeyedArguments<TEntity>(DbSet<TEntity> Set, object[] Values)
    where TEntity : class
{
    /// <returns>The arguments; <see langword="null"/> if one of the key's values is <see langword="null"/>, because no row has such a
    /// key.</returns>
    /// <exception cref="ArgumentException">The values don't fit the primary key.</exception>
    public static KeyedArguments<TEntity>? Of(DbSet<TEntity> set, object?[] keyValues)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(keyValues);
        var type = set.EntityType;
        var key = type.FindPrimaryKey()?.Properties ?? throw new ArgumentException(
            $"{type.DisplayName()} has no primary key. Write a query with .Cached().", nameof(set));
        foreach (var value in keyValues)
        {
            if (value is null)
                return null;
        }

        Require(type, key, keyValues!);
        return new KeyedArguments<TEntity>(set, keyValues!);
    }

    private static void Require(IEntityType type, IReadOnlyList<IProperty> key, object[] values)
    {
        if (values.Length != key.Count)
        {
            var names = string.Join(", ", key.Select(static property => property.Name));
            throw new ArgumentException(
                $"The primary key of {type.DisplayName()} has {key.Count} values ({names}), and {values.Length} were given.",
                nameof(values));
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (!key[i].ClrType.IsInstanceOfType(values[i]))
                throw new ArgumentException(
                    $"{type.DisplayName()}.{key[i].Name} is a {key[i].ClrType.Name}, and the value given is a {values[i].GetType().Name}.",
                    nameof(values));
        }
    }
}
