// A choice of views of one list; the choice is in the address.
export function Tabs<V extends string>({
  label,
  value,
  options,
  choose,
}: {
  label: string;
  value: V;
  options: [V, React.ReactNode][];
  choose: (value: V) => void;
}) {
  return (
    <div className="tabs" role="group" aria-label={label}>
      {options.map(([each, name]) => (
        <button key={each} type="button" aria-pressed={each === value} onClick={() => choose(each)}>
          {name}
        </button>
      ))}
    </div>
  );
}
