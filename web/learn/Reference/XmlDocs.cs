using System.Reflection;
using System.Xml.Linq;

namespace Hearsay.Learn.Reference;

/// <summary>What the sources say of types and members, from the XML files that the compiler wrote.</summary>
internal sealed class XmlDocs
{
    private readonly Dictionary<string, XElement> _members = new(StringComparer.Ordinal);

    /// <summary>Reads the file beside an assembly.</summary>
    public void Add(Assembly assembly)
    {
        foreach (var member in XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member"))
        {
            _members[(string)member.Attribute("name")!] = member;
        }
    }

    /// <summary>What is said of a member; what it takes over from its base, if it says so; null for nothing.</summary>
    public XElement? Of(MemberInfo member)
    {
        if (!_members.TryGetValue(DocId.Of(member), out var said))
        {
            return null;
        }

        return said.Element("inheritdoc") is null ? said : Inherited(member) ?? said;
    }

    private XElement? Inherited(MemberInfo member)
    {
        if (member is Type type)
        {
            return Bases(type).Select(Of).FirstOrDefault(static found => found is not null);
        }

        var own = DocId.Of(member);
        var name = own[(own.IndexOf(':', StringComparison.Ordinal) + 1 + Owner(member).Length)..];
        foreach (var parent in Bases(member.DeclaringType!))
        {
            var id = own[..2] + Definition(parent).FullName!.Replace('+', '.') + name;
            if (_members.TryGetValue(id, out var said) && said.Element("inheritdoc") is null)
            {
                return said;
            }
        }

        return null;
    }

    private static string Owner(MemberInfo member) =>
        Definition(member.DeclaringType!).FullName!.Replace('+', '.');

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static IEnumerable<Type> Bases(Type type)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            yield return parent;
        }

        foreach (var face in type.GetInterfaces())
        {
            yield return face;
        }
    }
}
