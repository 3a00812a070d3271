using KafkaCaching.EntityFrameworkCore.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Update;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>Finds the row that contains an entry: its own row, or the row of the entity whose JSON document contains it.</summary>
internal static class RootKeys
{
    /// <returns>The values of the row's primary key as the database stores them; <see langword="null"/> if the row has no primary
    /// key.</returns>
    public static object?[]? Of(IUpdateEntry entry, Func<IUpdateEntry, IProperty, object?> value, out IEntityType type)
    {
        type = entry.EntityType;
        if (type.FindPrimaryKey() is not { } key)
            return null;
        IReadOnlyList<IProperty> own = key.Properties;
        while (type.IsMappedToJson() && type.FindOwnership() is { } ownership)
        {
            own = InOwner(ownership, own);
            type = ownership.PrincipalEntityType;
        }

        return [.. own.Select(property => StoredValues.Of(property, value(entry, property)))];
    }

    // The foreign key to the owner is part of the owned entity's own key.
    private static IProperty[] InOwner(IForeignKey ownership, IReadOnlyList<IProperty> own)
    {
        var key = ownership.DeclaringEntityType.FindPrimaryKey()!.Properties;
        return [
            .. ownership.PrincipalEntityType.FindPrimaryKey()!.Properties.Select(
                property => own[IndexIn(key, ownership.Properties[IndexIn(ownership.PrincipalKey.Properties, property)])]),
        ];
    }

    private static int IndexIn(IReadOnlyList<IProperty> properties, IProperty property)
    {
        for (var i = 0; i < properties.Count; i++)
        {
            if (ReferenceEquals(properties[i], property))
                return i;
        }

        throw new InvalidOperationException($"{property.Name} is not a property of the key.");
    }
}
