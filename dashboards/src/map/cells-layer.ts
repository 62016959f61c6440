/**
 * The heat map's cells as a layer of our own: one draw call however many there are. Corners are uploaded when other cells
 * come, tones when figures change; scale and theme are uniforms. So a frame costs the page's thread next to nothing.
 */
import type { CustomLayerInterface, CustomRenderMethodInput, Map as MapLibreMap } from 'maplibre-gl';
import type { Theme } from '../theme.tsx';
import { MAP_COLOURS } from './base-style.ts';
import { FRAGMENT, VERTEX } from './cells-shader.ts';
import { scaleColours } from './colour-scale.ts';
import type { Scale } from './heat-columns.ts';
import type { Heat } from './heat-reader.ts';

export type CellsLayer = CustomLayerInterface & {
  /** `scale` instead of the heat map's own where frames of a time play share one. */
  setHeat: (heat: Heat | null, scale?: Scale) => void;
  setTheme: (theme: Theme) => void;
};

const VERTICES = 18;
const TILE_PX = 512;
/** The hatching repeats after so many pixels; what it is anchored to need not be known beyond that. */
const HATCH_PX = 7;

type Drawing = {
  program: WebGLProgram;
  vertices: WebGLVertexArrayObject;
  corners: WebGLBuffer;
  tones: WebGLBuffer;
  flags: WebGLBuffer;
  ramp: WebGLTexture;
  uniform: (name: string) => WebGLUniformLocation | null;
};

export function createCellsLayer(map: () => MapLibreMap, firstTheme: Theme): CellsLayer {
  let theme = firstTheme;
  let heat: Heat | null = null;
  let scale: Scale = { end: 1, isDiverging: false, isRoot: true };
  let drawing: Drawing | undefined;
  let uploaded: { heat: Heat | null; cells: BigUint64Array | null; ramp: string } = {
    heat: null,
    cells: null,
    ramp: '',
  };

  const upload = (gl: WebGL2RenderingContext, to: Drawing, from: Heat) => {
    if (!isSame(uploaded.cells, from.cells)) fill(gl, to.corners, from.mesh.corners);
    fill(gl, to.tones, from.tones);
    fill(gl, to.flags, from.flags);
    uploaded = { ...uploaded, heat: from, cells: from.cells };
  };
  const paintRamp = (gl: WebGL2RenderingContext, to: Drawing) => {
    const name = `${theme} ${scale.isDiverging}`;
    if (uploaded.ramp === name) return;
    uploaded.ramp = name;
    fillRamp(gl, to.ramp, scaleColours(theme, scale.isDiverging));
  };
  return {
    id: 'cells',
    type: 'custom',
    renderingMode: '2d',
    onAdd: (_map, gl) => {
      drawing = prepare(gl as WebGL2RenderingContext);
      uploaded = { heat: null, cells: null, ramp: '' };
    },
    onRemove: (_map, gl) => {
      if (drawing !== undefined) dispose(gl as WebGL2RenderingContext, drawing);
      drawing = undefined;
    },
    render: (context, input) => {
      const gl = context as WebGL2RenderingContext;
      if (drawing === undefined || heat === null || heat.count === 0) return;
      if (uploaded.heat !== heat) upload(gl, drawing, heat);
      paintRamp(gl, drawing);
      // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's useProgram is no hook
      gl.useProgram(drawing.program);
      setPlace(gl, drawing, { input, map: map(), heat });
      setLook(gl, drawing, { theme, scale });
      gl.bindVertexArray(drawing.vertices);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      gl.drawArraysInstanced(gl.TRIANGLES, 0, VERTICES, heat.count);
      gl.bindVertexArray(null);
    },
    setHeat: (next, fixed) => {
      heat = next;
      scale = fixed ?? next?.scale ?? scale;
      map().triggerRepaint();
    },
    setTheme: (next) => {
      theme = next;
      map().triggerRepaint();
    },
  };
}

/** By halves: a hundred thousand numbers of 64 bits would each be made an object, on the page's thread. */
function isSame(a: BigUint64Array | null, b: BigUint64Array): boolean {
  if (a === b || a?.length !== b.length) return a === b;
  const [left, right] = [halvesOf(a), halvesOf(b)];
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}

const halvesOf = ({ buffer, byteOffset, length }: BigUint64Array) => new Uint32Array(buffer, byteOffset, length * 2);

function fill(gl: WebGL2RenderingContext, buffer: WebGLBuffer, data: ArrayBufferView<ArrayBuffer>): void {
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
}

function fillRamp(gl: WebGL2RenderingContext, texture: WebGLTexture, colours: readonly string[]): void {
  const bytes = Uint8Array.from(colours.flatMap((colour) => [...rgb(colour).map((part) => part * 255), 255]));
  gl.activeTexture(gl.TEXTURE0);
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, colours.length, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_2D, filter, gl.LINEAR);
  for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, wrap, gl.CLAMP_TO_EDGE);
}

/** `#rrggbb` as three numbers from 0 to 1. */
function rgb(colour: string): [number, number, number] {
  const bits = Number.parseInt(colour.slice(1), 16);
  return [(bits >> 16) / 255, ((bits >> 8) & 255) / 255, (bits & 255) / 255];
}

type Placing = { input: CustomRenderMethodInput; map: MapLibreMap; heat: Heat };

/** The matrix is moved to the mesh's origin in double precision, before it is cut to single. */
function setPlace(gl: WebGL2RenderingContext, { uniform }: Drawing, { input, map, heat }: Placing): void {
  const matrix = Array.from(input.defaultProjectionData.mainMatrix);
  const [x, y] = heat.mesh.origin;
  const moved = [0, 1, 2, 3].map((row) => matrix[row]! * x + matrix[row + 4]! * y + matrix[row + 12]!);
  gl.uniformMatrix4fv(uniform('u_matrix'), false, Float32Array.from([...matrix.slice(0, 12), ...moved]));
  gl.uniform1f(uniform('u_pixels'), TILE_PX * 2 ** map.getZoom());
  const ratio = map.getPixelRatio();
  const [width, height] = [gl.drawingBufferWidth / ratio, gl.drawingBufferHeight / ratio];
  const anchor = [((moved[0]! / moved[3]! + 1) / 2) * width, ((moved[1]! / moved[3]! + 1) / 2) * height];
  gl.uniform2f(uniform('u_anchor'), anchor[0]! % HATCH_PX, anchor[1]! % HATCH_PX);
  gl.uniform1f(uniform('u_ratio'), ratio);
}

function setLook(gl: WebGL2RenderingContext, { uniform, ramp }: Drawing, look: { theme: Theme; scale: Scale }): void {
  const { theme, scale } = look;
  const colours = MAP_COLOURS[theme];
  const set = (name: string, colour: string) => gl.uniform4f(uniform(name), ...rgb(colour), 1);
  set('u_empty', colours.empty);
  set('u_emptyLine', colours.emptyLine);
  set('u_line', colours.area);
  set('u_unknown', colours.unknown);
  set('u_ink', colours.ink);
  set('u_paper', colours.empty);
  gl.uniform1f(uniform('u_end'), scale.end);
  gl.uniform1f(uniform('u_steps'), scaleColours(theme, scale.isDiverging).length);
  gl.uniform1i(uniform('u_isRoot'), scale.isRoot ? 1 : 0);
  gl.uniform1i(uniform('u_isDiverging'), scale.isDiverging ? 1 : 0);
  gl.activeTexture(gl.TEXTURE0);
  gl.bindTexture(gl.TEXTURE_2D, ramp);
  gl.uniform1i(uniform('u_ramp'), 0);
}

function prepare(gl: WebGL2RenderingContext): Drawing {
  const program = link(gl);
  const [vertices, corners, tones, flags] = [
    gl.createVertexArray(),
    gl.createBuffer(),
    gl.createBuffer(),
    gl.createBuffer(),
  ];
  gl.bindVertexArray(vertices);
  const attribute = (name: string, point: (at: number) => void) => {
    const at = gl.getAttribLocation(program, name);
    gl.enableVertexAttribArray(at);
    point(at);
    gl.vertexAttribDivisor(at, 1);
  };
  gl.bindBuffer(gl.ARRAY_BUFFER, corners);
  ['a_corners01', 'a_corners23', 'a_corners45'].forEach((name, pair) => {
    attribute(name, (at) => gl.vertexAttribPointer(at, 4, gl.FLOAT, false, 48, pair * 16));
  });
  gl.bindBuffer(gl.ARRAY_BUFFER, tones);
  attribute('a_tone', (at) => gl.vertexAttribPointer(at, 1, gl.FLOAT, false, 0, 0));
  gl.bindBuffer(gl.ARRAY_BUFFER, flags);
  attribute('a_flags', (at) => gl.vertexAttribIPointer(at, 1, gl.UNSIGNED_BYTE, 0, 0));
  gl.bindVertexArray(null);
  const found = new Map<string, WebGLUniformLocation | null>();
  const uniform = (name: string) => {
    if (!found.has(name)) found.set(name, gl.getUniformLocation(program, name));
    return found.get(name) ?? null;
  };
  return { program, vertices, corners, tones, flags, ramp: gl.createTexture(), uniform };
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX] as const, [gl.FRAGMENT_SHADER, FRAGMENT] as const]) {
    const shader = gl.createShader(kind);
    if (shader === null) throw new Error('the browser gives no shader: its graphics context is lost');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (gl.getShaderParameter(shader, gl.COMPILE_STATUS) === false && !gl.isContextLost())
      throw new Error(`the cells' shader does not compile: ${gl.getShaderInfoLog(shader)}`);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return program;
}

function dispose(gl: WebGL2RenderingContext, drawing: Drawing): void {
  for (const buffer of [drawing.corners, drawing.tones, drawing.flags]) gl.deleteBuffer(buffer);
  gl.deleteVertexArray(drawing.vertices);
  gl.deleteTexture(drawing.ramp);
  gl.deleteProgram(drawing.program);
}
