using System.Globalization;
using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace Hearsay.Learn.Reference;

/// <summary>The page of one type.</summary>
internal sealed class ApiType(Type type, XmlDocs docs, ApiHtml html)
{
    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.Instance | BindingFlags.Static;

    private static readonly (string Title, MemberTypes Kind)[] s_groups =
    [
        ("Constructors", MemberTypes.Constructor), ("Fields", MemberTypes.Field), ("Properties", MemberTypes.Property),
        ("Methods", MemberTypes.Method), ("Events", MemberTypes.Event),
    ];

    /// <summary>What the type is.</summary>
    public string Summary => html.Of(docs.Of(type)?.Element("summary"));

    /// <summary>Its documented members.</summary>
    public IReadOnlyList<MemberInfo> Members { get; } =
        [.. MembersOf(type).Where(member => docs.Of(member) is not null)];

    /// <summary>What a member is.</summary>
    public string SummaryOf(MemberInfo member) => html.Of(docs.Of(member)?.Element("summary"));

    /// <summary>The members that others see, except those of the compiler and accessors.</summary>
    public static IEnumerable<MemberInfo> MembersOf(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return [];
        }

        // Values of an enumeration are in the order of their declaration.
        var members = type.GetMembers(Declared).Where(IsSeen);
        return type.IsEnum
            ? members.OrderBy(static member => member.MetadataToken)
            : members.OrderBy(static member => member.Name, StringComparer.Ordinal);
    }

    /// <summary>Where a member stands in the page.</summary>
    public static string AnchorOf(MemberInfo member)
    {
        var id = DocId.Of(member);
        var open = id.IndexOf('(', StringComparison.Ordinal);
        var tail = open < 0 ? "" : id[open..];
        return string.Concat((TitleOf(member) + tail).Select(static letter =>
            char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' ? letter : '-'));
    }

    /// <summary>What a member is called.</summary>
    public static string TitleOf(MemberInfo member) => member is ConstructorInfo
        ? "new" : ApiHtml.ShortName(DocId.Of(member));

    /// <summary>The page's text.</summary>
    public string Render()
    {
        var text = new StringBuilder();
        var said = docs.Of(type);
        text.Append(CultureInfo.InvariantCulture, $"<h1>{ApiHtml.Encode(CSharpText.Name(type))}</h1>");
        text.Append(CultureInfo.InvariantCulture, $"<p class=\"where\">{CSharpText.Kind(type)} in {type.Namespace}, "
            + $"library {type.Assembly.GetName().Name}</p>");
        text.Append(CultureInfo.InvariantCulture,
            $"<pre class=\"declared\"><code>{ApiHtml.Encode(CSharpText.Of(type))}</code></pre>");
        Describe(text, said);
        foreach (var (title, kind) in s_groups)
        {
            var members = Members.Where(member => member.MemberType == kind).ToList();
            if (members.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"<h2>{(type.IsEnum ? "Values" : title)}</h2>");
                members.ForEach(member => Render(text, member));
            }
        }

        return text.ToString();
    }

    private static bool IsSeen(MemberInfo member) => member switch
    {
        ConstructorInfo made => made.IsPublic || made.IsFamily,
        MethodInfo method => (method.IsPublic || method.IsFamily)
            && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)),
        PropertyInfo property => property.GetAccessors(nonPublic: true)
            .Any(static accessor => accessor.IsPublic || accessor.IsFamily),
        EventInfo happening => happening.AddMethod?.IsPublic == true,
        FieldInfo field => field.IsPublic && !field.IsSpecialName,
        _ => false,
    };

    private void Render(StringBuilder text, MemberInfo member)
    {
        text.Append(CultureInfo.InvariantCulture,
            $"<section class=\"member\" id=\"{AnchorOf(member)}\"><h3>{ApiHtml.Encode(TitleOf(member))}</h3>");
        text.Append(CultureInfo.InvariantCulture,
            $"<pre class=\"declared\"><code>{ApiHtml.Encode(CSharpText.Of(member))}</code></pre>");
        Describe(text, docs.Of(member));
        text.Append("</section>");
    }

    private void Describe(StringBuilder text, XElement? said)
    {
        if (said is null)
        {
            return;
        }

        Paragraph(text, "", said.Element("summary"));
        List(text, said.Elements("typeparam").Concat(said.Elements("param")), "name", static name => name);
        Paragraph(text, "Returns: ", said.Element("returns"));
        Paragraph(text, "Value: ", said.Element("value"));
        Paragraph(text, "", said.Element("remarks"));
        Paragraph(text, "", said.Element("example"));
        List(text, said.Elements("exception"), "cref", ApiHtml.ShortName);
    }

    private void Paragraph(StringBuilder text, string label, XElement? element)
    {
        if (html.Of(element) is { Length: > 0 } content)
        {
            text.Append(CultureInfo.InvariantCulture, $"<div class=\"said\">{label}{content}</div>");
        }
    }

    private void List(StringBuilder text, IEnumerable<XElement> elements, string attribute, Func<string, string> name)
    {
        var items = string.Concat(elements.Select(element =>
            $"<dt><code>{ApiHtml.Encode(name((string?)element.Attribute(attribute) ?? ""))}</code></dt>"
            + $"<dd>{html.Of(element)}</dd>"));
        text.Append(items.Length > 0 ? $"<dl>{items}</dl>" : "");
    }
}
